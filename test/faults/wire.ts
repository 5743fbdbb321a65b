import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * A wire between two processes that can be hurt: cut, delayed, closed on one side, or made to carry requests but
 * no replies, which is how a commit happens that nobody hears of.
 */
export type Wire = {
  readonly port: number
  /** Cuts every line now; new ones are let through. */
  cut(): void
  /** Cuts every line and accepts none for so long. */
  refuse(forMs: number): Promise<void>
  /** Every packet takes so much longer, either way. */
  delay(byMs: number, forMs: number): Promise<void>
  /** Requests arrive, replies are lost; after that time the lines that lost any are cut. */
  mute(forMs: number): Promise<void>
  /** The far side hears no more, but may still talk. */
  halfClose(): void
  close(): Promise<void>
}

type Line = { readonly near: Socket; readonly far: Socket; lostReplies: boolean }

export async function openWire(upstreamPort: number): Promise<Wire> {
  const lines = new Set<Line>()
  const weather = { delayMs: 0, muted: false, refusing: false }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    if (weather.refusing) return void near.destroy()
    const far = connect({ port: upstreamPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    const line: Line = { near, far, lostReplies: false }
    lines.add(line)
    const drop = (): void => {
      lines.delete(line)
      near.destroy()
      far.destroy()
    }
    for (const end of [near, far]) end.on('error', drop).on('close', drop)
    carry(near, far, () => true)
    carry(far, near, () => {
      if (weather.muted) line.lostReplies = true
      return !line.lostReplies
    })
  })

  function carry(from: Socket, to: Socket, lets: () => boolean): void {
    // Packets that are delayed keep their order: each waits for the one before.
    let before: Promise<unknown> | null = null
    const pass = (write: () => void): void => {
      if (before === null && weather.delayMs === 0) return write()
      const mine: Promise<unknown> = (before ?? Promise.resolve())
        .then(() => pause(weather.delayMs))
        .then(write)
      before = mine
      void mine.then(() => {
        if (before === mine) before = null
      })
    }
    from.on('data', (bytes) => {
      if (!lets()) return
      pass(() => {
        if (to.destroyed || to.write(bytes)) return
        from.pause()
        to.once('drain', () => from.resume())
      })
    })
    from.on('end', () => pass(() => to.end()))
  }

  const cut = (): void => {
    for (const { near, far } of lines) {
      near.destroy()
      far.destroy()
    }
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut,
    async refuse(forMs) {
      weather.refusing = true
      cut()
      await pause(forMs)
      weather.refusing = false
    },
    async delay(byMs, forMs) {
      weather.delayMs = byMs
      await pause(forMs)
      weather.delayMs = 0
    },
    async mute(forMs) {
      weather.muted = true
      await pause(forMs)
      weather.muted = false
      for (const line of lines) if (line.lostReplies) line.near.destroy()
    },
    halfClose() {
      for (const { far } of lines) far.end()
    },
    async close() {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
