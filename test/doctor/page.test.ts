import { expect, test } from 'vitest'
import type { Answer, Ask } from '../../doctor/ask.ts'
import { askAsPage } from '../../doctor/page.ts'

const answer = (status: number, headers: Record<string, string> = {}): Answer => ({
  kind: 'answer',
  status,
  headers: new Headers({ 'Access-Control-Allow-Origin': '*', ...headers }),
  json: null,
  isCut: false,
  at: 0,
})

/** Answers the first question by leading elsewhere. */
function leadingTo(to: string) {
  const asked: string[] = []
  const ask: Ask = ({ url }) => {
    asked.push(url)
    return Promise.resolve(asked.length === 1 ? answer(307, { Location: to }) : answer(200))
  }
  return { ask, asked }
}

test('nobody far away leads the doctor to this machine', async () => {
  const { ask, asked } = leadingTo('http://127.0.0.1:8080/admin')
  const { blocked } = await askAsPage(ask, 'https://app.example', { url: 'https://id.example/token', method: 'POST' })
  expect(asked).toEqual(['https://id.example/token'])
  expect(blocked).toContain('127.0.0.1')
})

test('a provider on this machine may', async () => {
  const { ask, asked } = leadingTo('http://127.0.0.1:8080/token')
  await askAsPage(ask, 'https://app.example', { url: 'http://127.0.0.1:8080/', method: 'POST' })
  expect(asked).toHaveLength(2)
})

test('what was sent is told in one line, with nothing in it that steers a terminal', async () => {
  const { sent } = await askAsPage(() => Promise.resolve(answer(200)), 'https://app.example', {
    url: 'https://id.example/\u009b2J\u202e/token',
  })
  expect(sent.join('')).not.toMatch(/[\u009b\u202e\n]/)
})
