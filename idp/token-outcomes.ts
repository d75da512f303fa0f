import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { RecordingLog } from './request-log.ts'

/** Tells the log what became of each token request: whether it rotated, and why it was refused. */
export function noteTokenOutcomes(provider: Provider, log: RecordingLog) {
  const note = (ctx: KoaContextWithOIDC, error?: string) => {
    const entry = log.entryOf(ctx.res)
    if (!entry) return
    // Also with an error: a request may fail after its refresh token was spent.
    if (ctx.oidc.entities.RotatedRefreshToken) entry.rotated = true
    if (error !== undefined) entry.error = error
  }
  provider.on('grant.success', (ctx) => note(ctx))
  provider.on('grant.error', (ctx, error) => note(ctx, error.error))
}
