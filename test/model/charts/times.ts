import { testNow } from '../../../services/memory/index.ts'

/** Times on the wall at which samples happen, epoch ms, as `someFacts()` and `testPolicy` have it with an idle timeout of 600 s. */
export const times = {
  /** The clock was set back before the credentials were written. */
  setBack: testNow - 60_000,
  /** All is well: the access token can be used, and no renewal is due. */
  fresh: testNow + 1_000,
  /** The renewal is due. */
  due: testNow + 250_000,
  /** The access token has expired. */
  expired: testNow + 310_000,
  /** A limit is near. */
  near: testNow + 550_000,
  /** A limit has passed. */
  over: testNow + 700_000,
} as const
