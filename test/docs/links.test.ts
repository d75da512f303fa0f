import { existsSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../scripts/command.ts'
import { pages, read } from './code.ts'

const withoutCode = (text: string): string => text.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '')

/** As GitHub makes the anchor of a heading: letters, digits, hyphens and underscores of it; `-1` after the second of a name. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  const headings = text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#{1,6} +(.+)$/gm)
  for (const [, heading = ''] of headings) {
    const shown = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const name = shown
      .trim()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-')
    let anchor = name
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${name}-${count}`
    anchors.add(anchor)
  }
  for (const [, id = ''] of text.matchAll(/<[a-z]+ [^>]*\b(?:id|name)="([^"]+)"/g)) anchors.add(id)
  return anchors
}

/** Links that lead to another place of this repository: in Markdown, and in HTML. */
function linksOf(text: string): readonly string[] {
  const plain = withoutCode(text)
  const patterns = [/\]\(([^)\s]+)(?: "[^"]*")?\)/g, /^\[[^\]]+\]: (\S+)/gm, /\b(?:href|src|srcset)="([^"]+)"/g]
  return patterns
    .flatMap((pattern) => [...plain.matchAll(pattern)].map(([, target = '']) => target))
    .filter((target) => !/^[a-z]+:/i.test(target))
}

function leadsSomewhere(page: string, text: string, target: string): boolean {
  const [path = '', anchor] = decodeURI(target).split('#')
  const file = path === '' ? page : normalize(join(dirname(page), path))
  if (file.startsWith('..') || !existsSync(join(root, file))) return false
  if (anchor === undefined || statSync(join(root, file)).isDirectory()) return anchor === undefined
  return !file.endsWith('.md') || anchorsOf(path === '' ? text : read(file)).has(anchor)
}

const deadLinks = (page: string, text: string): readonly string[] =>
  linksOf(text).filter((target) => !leadsSomewhere(page, text, target))

test('every link in the Markdown files leads to a file that is there, and to a heading in it', () => {
  const dead = pages.flatMap((page) => deadLinks(page, read(page)).map((target) => `${page}: ${target}`))
  expect(dead).toEqual([])
  expect(pages.flatMap((page) => linksOf(read(page))).length).toBeGreaterThan(50)
})

test('a link to a file or a heading that is not there is noticed', () => {
  const dead = ['nowhere.md', '#nothing', 'testing.md#nothing', '../../outside.md', 'decisions#nothing']
  const alive = [
    'testing.md',
    '#a-heading-twice',
    '#a-heading-twice-1',
    '../README.md#in-your-tests',
    'decisions',
    'https://x.example/#y',
  ]
  const text = `## A heading, twice\n## A \`heading\` twice\n${[...dead, ...alive].map((to) => `[to](${to})`).join(' ')}\n`
  expect(deadLinks('docs/testing.md', text)).toEqual(dead)
})
