import { html } from '../html.ts'
import { people, picturePath } from '../people.ts'
import { chip, type Page } from './page.ts'

/** Whoever opens the issuer in a browser learns what this is. */
export function homePage(issuer: string, apps: readonly string[]): Page {
  return {
    title: 'Local OpenID provider',
    body: html`<main>
      <section>
        <h1>Local OpenID provider</h1>
        <p class="soft">Apps send people here to sign in. Nothing on it is meant for real accounts.</p>
        ${people.map(({ claims, ...person }) => chip({ name: claims.name, detail: claims.email, picture: picturePath({ claims, ...person }) }))}
        <dl>
          <dt>Apps</dt>
          ${apps.map((app) => html`<dd><a href="${app}/">${app}</a></dd>`)}
          <dt>Discovery document</dt>
          <dd><a href="/.well-known/openid-configuration">${issuer}/.well-known/openid-configuration</a></dd>
        </dl>
      </section>
    </main>`,
  }
}
