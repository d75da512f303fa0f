import type { Order } from '../interleaving/gate.ts'

/** First come, first served: what was sent first arrives first, in all tabs. */
export class FirstCome implements Order {
  readonly #queue: (() => Promise<void>)[] = []

  schedule = <T>(task: PromiseLike<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      this.#queue.push(async () => {
        await Promise.resolve(task).then(resolve, reject)
      })
    })

  async waitNext(count: number): Promise<void> {
    for (const arrive of this.#queue.splice(0, count)) await arrive()
  }

  count(): number {
    return this.#queue.length
  }
}
