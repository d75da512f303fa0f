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

/** oidc-provider's own policy, with `select_account`, and with a login for `acr_values` that the session does not meet. */
export function loginPolicy(): interactionPolicy.DefaultPolicy {
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
  policy.get('login')?.checks.add(stepUp)
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0)
  return policy
}
