import { parentPort, workerData } from 'node:worker_threads'
import { connect } from '../../src/contract/connect.ts'
import { ACTS, type Book, timed } from './acts.ts'

/**
 * People at their screens, in a thread of their own so that they do not slow what they measure: each asks for
 * something, reads for a while, and asks for the next. Over real sockets, as a browser would.
 */
export type Crowd = {
  readonly base: string
  readonly book: Book
  readonly users: number
  readonly seconds: number
  readonly thinkMs: number
  readonly sessions: readonly { readonly cookie: string; readonly csrf: string }[]
}
export type Heard = { readonly [operation: string]: readonly number[] }

const { base, book, users, seconds, thinkMs, sessions } = workerData as Crowd
const heard: { [operation: string]: number[] } = {}
const lots = ACTS.flatMap((act) => Array.from({ length: act.often }, () => act))
const over = performance.now() + seconds * 1_000

async function user(number: number): Promise<void> {
  const { cookie, csrf } = sessions[number % sessions.length]!
  const api = timed(
    connect({
      base,
      newKey: () => crypto.randomUUID(),
      headers: () => ({ cookie, 'x-wedsync-csrf': csrf, 'sec-fetch-site': 'same-origin' }),
      fetch: (request) => fetch(request),
    }),
    (operation, ms) => {
      heard[operation] ??= []
      heard[operation].push(ms)
    },
  )
  for (let turn = number; ; turn += 1) {
    // Between half and one and a half times as long, so that they do not march in step.
    await new Promise((resolve) => setTimeout(resolve, thinkMs * (0.5 + Math.random())))
    if (performance.now() >= over) return
    await lots[Math.floor(Math.random() * lots.length)]!.does(api, book, turn)
  }
}

await Promise.all(Array.from({ length: users }, (_, number) => user(number)))
parentPort?.postMessage(heard satisfies Heard)
