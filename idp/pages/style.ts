import { Html } from '../html.ts'

export const style = new Html(`
:root {
  color-scheme: light dark;
  --page: #f3f4f8; --glow: #dfe4fb; --card: #fff; --line: #d9dce6; --ink: #1b1e2b; --soft: #5b6075;
  --accent: #3d4fc4; --accent-strong: #2f3ea5; --on-accent: #fff; --tint: #eef0fb; --field: #fff; --field-line: #8b90a5;
  --bad: #a3192f; --bad-tint: #fdeef0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12141c; --glow: #20264a; --card: #1b1e29; --line: #333747; --ink: #eceef6; --soft: #a8adc2;
    --accent: #8d9bff; --accent-strong: #a9b4ff; --on-accent: #12141c; --tint: #242939; --field: #141722; --field-line: #6d7389;
    --bad: #ff9aa8; --bad-tint: #3a1f28;
  }
}
* { box-sizing: border-box }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; padding: 1.5rem 1rem; display: grid; place-content: center;
  grid-template-columns: minmax(0, 27rem); gap: 1.1rem; color: var(--ink);
  background: radial-gradient(60rem 32rem at 50% -8rem, var(--glow), transparent) var(--page);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
body.wide { grid-template-columns: minmax(0, 27rem) }
main { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; box-shadow: 0 1rem 3rem -1.5rem #0b103066 }
section { padding: 1.75rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .35rem; letter-spacing: -.01em; text-wrap: balance; overflow-wrap: anywhere }
h2 { font-size: 1rem; margin: 0 0 .25rem }
p { margin: 0 0 1rem } .soft { color: var(--soft) } small, .small { font-size: .875rem }
a { color: var(--accent) }
label { display: block; font-weight: 600; font-size: .925rem; margin-bottom: .3rem }
.field { margin-bottom: 1rem }
input { width: 100%; font: inherit; color: inherit; padding: .6rem .75rem; border-radius: .55rem; border: 1px solid var(--field-line); background: var(--field) }
input[aria-invalid=true] { border-color: var(--bad) }
button, .button { display: inline-block; font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; padding: .6rem 1.1rem; border-radius: .55rem; border: 1px solid transparent }
.primary { background: var(--accent); color: var(--on-accent) } .primary:hover { background: var(--accent-strong) }
.secondary { background: transparent; color: var(--ink); border-color: var(--field-line) } .secondary:hover { background: var(--tint) }
:is(a, button, input, .button):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.actions { display: flex; flex-wrap: wrap; gap: .65rem; margin-top: 1.4rem } .actions > * { flex: 1 1 8rem }
.alert { background: var(--bad-tint); color: var(--bad); border-radius: .55rem; padding: .65rem .85rem; margin: 0 0 1rem; font-weight: 600 }
.who { display: flex; align-items: center; gap: .8rem; min-width: 0 } .who > span { min-width: 0 }
.who img { width: 2.75rem; height: 2.75rem; border-radius: 50%; flex: none } .who strong { display: block; line-height: 1.3 }
.who .soft { overflow-wrap: anywhere }
.chip { border: 1px solid var(--line); border-radius: .75rem; padding: .6rem .8rem; margin-bottom: 1.1rem }
.people { background: var(--tint); border-top: 1px solid var(--line); border-radius: 0 0 1rem 1rem }
.people ul { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: .7rem }
.person { width: 100%; text-align: left; font-weight: 400; background: var(--card); color: var(--ink); border-color: var(--line); padding: .7rem .85rem }
.known { display: block; font-size: .875rem; color: var(--soft) } .known kbd { margin-left: .25rem; white-space: nowrap }
.person:hover { border-color: var(--accent) }
code, kbd { font: .875em/1.4 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere }
kbd { background: var(--tint); border: 1px solid var(--line); border-radius: .3rem; padding: .05rem .3rem }
dl { margin: 1rem 0 0; font-size: .875rem } dt { color: var(--soft) } dd { margin: 0 0 .5rem; overflow-wrap: anywhere }
footer { text-align: center; color: var(--soft); font-size: .85rem; text-wrap: balance }
@media (min-width: 60rem) {
  body.wide { grid-template-columns: minmax(0, 56rem) }
  .wide main { display: grid; grid-template-columns: 1fr 1fr } .wide section { padding: 2.25rem }
  .people { border-top: 0; border-left: 1px solid var(--line); border-radius: 0 1rem 1rem 0 }
}
`)
