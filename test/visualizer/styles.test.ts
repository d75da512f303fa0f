import { describe, expect, it } from 'vitest'
import { stylesFor, variableOf } from '../../ui/visualizer/export/styles.ts'

const css = `
/* A { comment } */
.chart, .other { --ink: #111; --line: var(--ink); --chart-line: #777; color: var(--ink); display: grid }
@media (prefers-color-scheme: dark) { .chart { --ink: #eee } .box { opacity: 0.9 } }
@media (max-width: 899px) { .box { stroke-width: 9 } }
@keyframes flow { from { opacity: 0 } to { opacity: 1 } }
.box { fill: var(--none, #abc); stroke: var(--line); cursor: pointer }
.box:is(.is-good, .is-new) > .name, .box:hover, .absent { fill: green }
.arrow { fill: context-stroke }
`
const classes = (...names: string[]) => new Set(['chart', ...names])

describe('the styles of a drawing that stands by itself', () => {
  it('are those of its classes, with the variables put in', () => {
    expect(stylesFor(css, classes('box'), 'light')).toBe('.chart{color:#111}\n.box{fill:#abc;stroke:#111}')
  })

  it('are of one theme', () => {
    expect(stylesFor(css, classes('box'), 'dark')).toBe(
      '.chart{color:#eee}\n.box{opacity:0.9}\n.box{fill:#abc;stroke:#eee}',
    )
    expect([variableOf(css, '--line', 'light'), variableOf(css, '--line', 'dark')]).toEqual(['#111', '#eee'])
  })

  it('leave out what only a page does, and what is not there', () => {
    const styles = stylesFor(css, classes('box', 'name', 'is-good', 'is-new'), 'light')
    expect(styles).toContain('.box:is(.is-good, .is-new) > .name{fill:green}')
    expect(styles).not.toMatch(/hover|absent|cursor|display|@/)
  })

  it('give arrows a colour also where none can be taken over from the line', () => {
    expect(stylesFor(css, classes('arrow'), 'light')).toContain('.arrow{fill:#777;fill:context-stroke}')
  })

  it('say which variable is missing', () => {
    expect(() => variableOf(css, '--ground', 'light')).toThrow('no --ground')
  })
})
