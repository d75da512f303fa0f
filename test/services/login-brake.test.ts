import { expect, test } from 'vitest'
import { createLoginBrake } from '../../services/login/brake.ts'
import { openTab } from '../support/tab.ts'

function createBrake() {
  const tab = openTab({ origin: 'https://app.example' })
  tab.isActing = false
  // Of the page that comes back from the provider, each time.
  return { tab, brake: () => createLoginBrake(tab) }
}

test('P16 logins that nobody clicks for, and whose sessions end at once, stop after ten within a minute', () => {
  const { tab, brake } = createBrake()
  for (let logins = 0; logins < 10; logins += 1) {
    expect(brake().isOn()).toBe(false)
    brake().check()
    brake().release()
  }
  expect(brake().isOn()).toBe(true)
  expect(() => brake().check()).toThrow(expect.objectContaining({ code: 'login_loop' }))
  expect(() => brake().check()).toThrow(/^10 logins/)
  tab.isActing = true
  brake().check()
  tab.isActing = false
  expect(brake().isOn(), 'a click counts anew').toBe(false)
})

test('a minute later they are forgotten', () => {
  const { tab, brake } = createBrake()
  for (let logins = 0; logins < 10; logins += 1) {
    brake().check()
    brake().release()
  }
  tab.offset = 60_001
  expect(brake().isOn()).toBe(false)
})

test('P16 three that fail in a row are enough, however many succeeded before', () => {
  const { brake } = createBrake()
  for (let logins = 0; logins < 2; logins += 1) brake().check()
  brake().release()
  for (let logins = 0; logins < 3; logins += 1) brake().check()
  expect(() => brake().check()).toThrow(/^5 logins/)
})
