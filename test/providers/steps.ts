import { createRemoteJWKSet, jwtVerify } from 'jose'
import {
  selectFacts,
  selectMetadata,
  selectMetadataProblem,
  selectMetadataStatus,
  selectPendingCount,
  selectProfile,
  selectProfileProblem,
  selectProfileStatus,
  selectSignedOutReason,
  type Session,
} from '../../services/index.ts'
import { insistStages, logOut } from './logout.ts'
import { asksForPassword, signOut } from './person.ts'
import { insist, insistSupport, Unsupported, type Step } from './step.ts'
import { accountOf, expectStatus, until, type Traveller } from './traveller.ts'
import { app } from './types.ts'

export const steps = {
  async login(traveller) {
    const { askedForPassword } = await traveller.logIn()
    const { session, tab } = traveller
    insist(selectFacts(session.getSnapshot())?.subject, 'nobody is signed in')
    insist(tab.address.href() === `${app}/callback`, 'the answer is still in the address')
    const { protectedHeader } = await verifyIdToken(traveller)
    const how = askedForPassword ? 'with a password' : 'without a password, while the session at the provider goes on'
    return `${how} (ID token signed with ${protectedHeader.alg})`
  },

  async reopen(traveller) {
    const before = await traveller.beSignedIn()
    const subject = selectFacts(before.getSnapshot())?.subject
    const asked = traveller.tokenRequests().length
    const session = await traveller.open()
    await expectStatus(session, 'signedIn')
    insist(session.hasValid(), 'the access token that was kept is not usable')
    insist(selectFacts(session.getSnapshot())?.subject === subject, 'somebody else is signed in')
    insist(traveller.tokenRequests().length === asked, 'the token endpoint was asked')
    return ''
  },

  async renew(traveller) {
    const before = await traveller.beSignedIn()
    insistSupport(before.canRenew(), 'the token answer to the login holds no refresh_token')
    const [old, asked] = [await before.getAccessToken(), traveller.tokenRequests().length]
    // The access token expires while the page is closed.
    await traveller.leave()
    traveller.tab.offset += lifetimeOf(before) + 1_000
    const session = await traveller.open()
    const renewed = await session.getAccessToken({ timeout: 15_000 })
    insist(renewed !== old, 'the access token is still the old one')
    await expectStatus(session, 'signedIn')
    insist(traveller.tokenRequests().length === asked + 1, 'more was asked for than one renewal')
    const again = await session.getAccessToken({ forceRenewal: true, timeout: 15_000 })
    insist(again !== renewed, 'a second renewal gave the same access token')
    const answer = traveller.tokenRequests().at(-1)?.json ?? {}
    return typeof answer['id_token'] === 'string' ? 'with an ID token' : 'without an ID token'
  },

  async rotate(traveller) {
    const session = await traveller.beSignedIn()
    insistSupport(session.canRenew(), 'the token answer to the login holds no refresh_token')
    const spent = traveller.latest('refresh_token') ?? ''
    await session.getAccessToken({ forceRenewal: true, timeout: 15_000 })
    const next = traveller.tokenRequests().at(-1)?.json?.['refresh_token']
    insistSupport(typeof next === 'string', 'the answer to a renewal holds no refresh_token')
    insistSupport(next !== spent, 'the answer to a renewal holds the same refresh_token again')
    const { status, error } = await traveller.spend(spent)
    insist(status >= 400 && status < 500, `the spent refresh token was answered with ${status}`)
    // What the reuse does to the one that replaced it.
    const outlived = await session.getAccessToken({ forceRenewal: true, timeout: 15_000 }).then(
      () => true,
      () => false,
    )
    insist(
      outlived || selectSignedOutReason(session.getSnapshot()) === 'revoked',
      'the session neither goes on nor was ended by the provider',
    )
    const refused = `the spent one is answered with ${status} ${error}`
    return outlived ? `${refused}, and nothing else happens` : `${refused}, and ends its successors too`
  },

  async userinfo(traveller) {
    insistSupport(traveller.discovery.userinfo_endpoint, 'the discovery document names no userinfo_endpoint')
    const session = await traveller.beSignedIn()
    const profile = await loadedProfile(session)
    const asked = traveller.page.requests.findLast(({ url }) => url === traveller.discovery.userinfo_endpoint)
    insist(asked?.status === 200, 'userinfo was not asked')
    insist(profile?.sub === selectFacts(session.getSnapshot())?.subject, 'the profile is of another')
    return `claims ${Object.keys(asked?.json ?? {}).join(', ')}`
  },

  async metadata(traveller) {
    const { adapter, said } = traveller.userApi
    insistSupport(adapter, said)
    const session = await traveller.beSignedIn()
    const size = (selectMetadata(await readyMetadata(session)) ?? {})['shoe_size'] === 41 ? 42 : 41
    session.send({ type: 'metadata.patch', patch: { shoe_size: size } })
    await until(
      () => selectPendingCount(accountOf(session)) === 0,
      () => 'the change was not saved',
    )
    const saved = selectMetadata(await readyMetadata(await traveller.open()))
    insist(saved?.['shoe_size'] === size, 'the change is not there after reopening')
    return ''
  },

  async revoke(traveller) {
    await traveller.beSignedIn()
    const [refreshToken, accessToken] = [traveller.latest('refresh_token'), traveller.latest('access_token')]
    const ending = await logOut(traveller, 'app')
    const lives = async (): Promise<boolean> =>
      refreshToken !== undefined && (await traveller.spend(refreshToken)).status < 400
    if (traveller.discovery.revocation_endpoint === undefined) {
      insistStages(ending, 'done, unsupported, skipped')
      const what = (await lives()) ? 'the refresh token works on' : 'the refresh token is refused all the same'
      throw new Unsupported(`the discovery document names no revocation_endpoint; ${what}`)
    }
    insistStages(ending, 'done, done, skipped')
    insist(!(await lives()), 'the refresh token works on')
    const { userinfo_endpoint: userinfo } = traveller.discovery
    if (userinfo === undefined) return ''
    const { status } = await fetch(userinfo, {
      headers: { Authorization: `Bearer ${accessToken}` },
    })
    return `the access token is answered with ${status} at userinfo afterwards`
  },

  async logout(traveller) {
    await traveller.beSignedIn()
    if (traveller.discovery.end_session_endpoint === undefined) {
      await logOut(traveller, 'provider')
      const asked = (await traveller.logIn()).askedForPassword
      await logOut(traveller, 'app')
      const what = asked ? 'asks for the password all the same' : 'asks for no password'
      throw new Unsupported(`the discovery document names no end_session_endpoint; the next login ${what}`)
    }
    const ending = await logOut(traveller, 'provider')
    const address = traveller.tab.visited.at(-1) ?? ''
    insistStages(
      ending,
      `done, ${traveller.discovery.revocation_endpoint === undefined ? 'unsupported' : 'done'}, left`,
    )
    insist(address.startsWith(traveller.discovery.end_session_endpoint), 'the app did not leave')
    const { callback, confirmed } = await signOut(address, traveller.jar)
    insist(callback === `${app}/`, `the logout page leads to ${callback}`)
    traveller.tab.arrive(callback)
    const session = await traveller.open()
    insist(selectSignedOutReason(session.getSnapshot()) === 'logout', 'the logout is not known after coming back')
    insist(await asksForPassword(await traveller.startLogin(), traveller.jar), 'the next login asks for no password')
    return confirmed ? 'the provider asks to confirm it' : 'without a page in between'
  },

  async dpop(traveller) {
    const algorithms = traveller.discovery.dpop_signing_alg_values_supported
    insistSupport(algorithms, 'the discovery document names no dpop_signing_alg_values_supported')
    insistSupport(algorithms.includes('ES256'), `the discovery document names ${algorithms.join(', ')}, not ES256`)
    const { tab } = traveller
    const { offset } = tab
    // A proof holds the time. What other steps wrote later than that lies in another vault.
    tab.offset = 0
    traveller.more = { dpop: true }
    try {
      await traveller.logIn()
      insist(traveller.tokenRequests().at(-1)?.json?.['token_type'] === 'DPoP', 'the token is not bound to a key')
      if (traveller.discovery.userinfo_endpoint !== undefined) await loadedProfile(traveller.session)
      await traveller.session.getAccessToken({ forceRenewal: true, timeout: 15_000 })
      await logOut(traveller, 'app')
      return 'login, userinfo and renewal with tokens bound to a key'
    } finally {
      traveller.more = {}
      await traveller.leave()
      tab.offset = offset
    }
  },
} as const satisfies Record<string, Step>

/** By the keys that the provider publishes, as anybody can. */
const verifyIdToken = ({ discovery, latest, clientId }: Traveller) =>
  jwtVerify(latest('id_token') ?? '', createRemoteJWKSet(new URL(discovery.jwks_uri)), {
    issuer: discovery.issuer,
    audience: clientId,
  })

/** ms that the present access token has left. */
function lifetimeOf(session: Session): number {
  const facts = selectFacts(session.getSnapshot())
  return (facts?.expiresAt ?? 0) - (facts?.storedAt ?? 0)
}

async function loadedProfile(session: Session) {
  const account = () => accountOf(session)
  await until(
    () => selectProfileStatus(account()) === 'loaded' || selectProfileProblem(account()) !== null,
    () => 'the profile does not come',
  )
  const problem = selectProfileProblem(account())
  insist(problem === null, problem?.message ?? '')
  return selectProfile(account())
}

async function readyMetadata(session: Session) {
  const account = () => accountOf(session)
  await until(
    () => selectMetadataStatus(account()) === 'ready' || selectMetadataProblem(account()) !== null,
    () => 'the metadata does not come',
  )
  const problem = selectMetadataProblem(account())
  insist(problem === null, problem?.message ?? '')
  return account()
}
