import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds wrong in a page as it stands, or in a part of it (a CSS selector), one line each: the rule, and where. */
export async function whatAxeFinds(page: Page, part = 'html'): Promise<readonly string[]> {
  // Not as a script of the page, whose policy would refuse it.
  await page.evaluate(axe)
  return page.evaluate(async (where) => {
    const { axe: run } = window as unknown as {
      axe: {
        run(where: string): Promise<{
          violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[]
        }>
      }
    }
    const { violations } = await run.run(where)
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(' ')} (${failureSummary ?? ''})`),
    )
  }, part)
}
