import type { interactionPolicy } from 'oidc-provider'
import { library } from './library.ts'

/** What `acr_values` can ask for. The second is Auth0's name for "with another factor". */
export const signInMethods = [
  'urn:sessionchart:password',
  'http://schemas.openid.net/pape/policies/2007/06/multi-factor',
]

/** The sign-in methods among those that were asked for. */
export function knownMethods(acrValues: unknown): string[] {
  return typeof acrValues === 'string' ? acrValues.split(' ').filter((value) => signInMethods.includes(value)) : []
}

/**
 * oidc-provider's own policy, with `select_account`, with a login for `acr_values` that the session does not meet, and with
 * one after `sessionExpiry` seconds.
 */
export function loginPolicy(sessionExpiry: number | undefined): interactionPolicy.DefaultPolicy {
  const { Check, Prompt, base } = library.interactionPolicy
  const policy = base()
  const stepUp = new Check(
    'acr_values',
    'the session does not meet the requested authentication context',
    'interaction_required',
    ({ oidc }) => {
      const wanted = knownMethods(oidc.params?.['acr_values'])
      return wanted.length > 0 && !oidc.result?.login && !wanted.includes(oidc.session?.acr ?? '')
    },
  )
  // Or an app whose session has reached its ceiling would be sent back at once, with the same ceiling.
  const expired = new Check('session_expiry', 'the session has reached its end', 'login_required', ({ oidc }) => {
    const age = Math.floor(Date.now() / 1000) - (oidc.session?.loginTs ?? 0)
    return (
      sessionExpiry !== undefined &&
      oidc.session?.accountId !== undefined &&
      !oidc.result?.login &&
      age >= sessionExpiry
    )
  })
  policy.get('login')?.checks.add(stepUp)
  policy.get('login')?.checks.add(expired)
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0)
  return policy
}
