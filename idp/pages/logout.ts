import { html } from '../html.ts'
import type { Person } from '../people.ts'
import { picturePath } from '../people.ts'
import { chip, type Page } from './page.ts'

export function logoutPage(view: {
  app: string | undefined
  person: Person | undefined
  action: string
  xsrf: string
  stay: string
}): Page {
  return {
    title: 'Sign out',
    body: html`<main>
      <section>
        <h1>Sign out here?</h1>
        <p class="soft">
          ${view.app ? `${view.app} asks to sign you out.` : 'An app asks to sign you out.'} Other apps in this browser
          will ask you to sign in again.
        </p>
        ${view.person && chip({ name: view.person.claims.name, detail: view.person.claims.email, picture: picturePath(view.person) })}
        <form method="post" action="${view.action}">
          <input type="hidden" name="xsrf" value="${view.xsrf}" />
          <div class="actions">
            <button class="primary" name="logout" value="yes" autofocus>Sign out</button
            ><a class="button secondary" href="${view.stay}">Stay signed in</a>
          </div>
        </form>
      </section>
    </main>`,
  }
}

export function loggedOutPage(backTo: string | undefined): Page {
  return {
    title: 'Signed out',
    body: html`<main>
      <section>
        <h1>You are signed out</h1>
        <p class="soft">This browser has no session at the provider any more.</p>
        ${backTo !== undefined && html`<div class="actions"><a class="button primary" href="${backTo}">Back to the app</a></div>`}
      </section>
    </main>`,
  }
}
