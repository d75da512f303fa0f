import { html } from '../html.ts'
import { people, picturePath, type Person } from '../people.ts'
import { chip, type Page } from './page.ts'

export interface LoginView {
  uid: string
  app: string
  /** What was typed, or the hint of the app. */
  username: string
  /** Someone is signed in here already and is asked again. */
  current: Person | undefined
  reason: 'first' | 'again' | 'step-up' | 'choose'
  wrongPassword: boolean
}

const explanations: Record<LoginView['reason'], string> = {
  first: 'Your password stays with this provider.',
  again: 'Please confirm that it is you.',
  'step-up': 'What you are about to do asks for a fresh sign-in.',
  choose: 'Choose the account to go on with.',
}

export function loginPage(view: LoginView): Page {
  const action = `/interaction/${view.uid}`
  const known = view.username !== ''
  return {
    title: `Sign in to ${view.app}`,
    wide: true,
    body: html`<main>
      <section>
        <h1>Sign in to ${view.app}</h1>
        <p class="soft">${explanations[view.reason]}</p>
        ${view.current && chip({ name: `Signed in as ${view.current.claims.name}`, detail: view.current.claims.email, picture: picturePath(view.current) })}
        <form method="post" action="${action}" id="login">
          ${view.wrongPassword && html`<p class="alert" role="alert" id="problem">That username and password do not belong together. Please try again.</p>`}
          <div class="field">
            <label for="username">Username or email</label>
            <input
              id="username"
              name="username"
              value="${view.username}"
              required
              autocomplete="username"
              autocapitalize="none"
              spellcheck="false"
              ${!known && html` autofocus`}${view.wrongPassword && html` aria-invalid="true" aria-describedby="problem"`}
            />
          </div>
          <div class="field">
            <label for="password">Password</label>
            <input
              id="password"
              name="password"
              type="password"
              required
              autocomplete="current-password"
              ${known && html` autofocus`}${view.wrongPassword && html` aria-invalid="true" aria-describedby="problem"`}
            />
          </div>
          <div class="actions">
            <button class="primary">Sign in</button>
            <button class="secondary" formaction="${action}/cancel" formnovalidate>Cancel</button>
          </div>
        </form>
      </section>
      <section class="people" aria-labelledby="people">
        <h2 id="people">People to try it with</h2>
        <p class="soft small">Click on one to sign in at once, or type what you see.</p>
        <ul>
          ${people.map((person) => personRow(person, action))}
        </ul>
      </section>
    </main>`,
  }
}

function personRow(person: Person, action: string) {
  return html`<li>
    <form method="post" action="${action}">
      <input type="hidden" name="username" value="${person.username}" />
      <input type="hidden" name="password" value="${person.password}" />
      <button class="person" aria-label="Sign in as ${person.claims.name}">
        <span class="who">
          <img src="${picturePath(person)}" alt="" />
          <span>
            <strong>${person.claims.name}</strong>
            <span class="known">Username <kbd>${person.username}</kbd></span>
            <span class="known">Password <kbd>${person.password}</kbd></span>
          </span>
        </span>
      </button>
    </form>
  </li>`
}
