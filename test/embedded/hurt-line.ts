import { rmSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import type { Target } from '../../src/postgres/client.ts'
import { temporaryFolder } from './servers.ts'

/**
 * A line to a server that can be hurt: cut before or after a COMMIT reached the server, or gone silent. Counts
 * the flights, a flight being everything sent before an answer was waited for.
 */
export type Line = {
  readonly target: Target
  /** What happens to the next COMMIT: lost on its way, or done with its answer lost. */
  hurtCommit: 'request lost' | 'answer lost' | null
  /** Nothing passes any more, in either direction; the line stays open. */
  silent: boolean
  flights: number
  cutAll(): void
  close(): Promise<void>
}

export async function startLine(target: Target): Promise<Line> {
  const sockets = new Set<net.Socket>()
  const file = path.join(temporaryFolder(), '.s.PGSQL.5432')
  const server = net.createServer((client) => serve(client))
  const line: Line = {
    target: { ...target, host: path.dirname(file), port: 5432 },
    hurtCommit: null,
    silent: false,
    flights: 0,
    cutAll: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: () =>
      new Promise((resolve) => {
        line.cutAll()
        server.close(() => {
          rmSync(path.dirname(file), { recursive: true, force: true })
          resolve()
        })
      }),
  }

  function serve(client: net.Socket): void {
    const upstream = net.connect(path.join(String(target.host), `.s.PGSQL.${target.port ?? 5432}`))
    let sending = false
    let losingAnswer = false
    const cut = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', cut)
      socket.on('close', () => {
        sockets.delete(socket)
        cut()
      })
    }
    client.on('data', (chunk) => {
      if (!sending) line.flights++
      sending = true
      if (line.silent) return
      if (line.hurtCommit !== null && chunk.includes('commit\0')) {
        losingAnswer = line.hurtCommit === 'answer lost'
        line.hurtCommit = null
        if (!losingAnswer) return cut()
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      sending = false
      if (line.silent) return
      if (!losingAnswer) client.write(chunk)
      else if (chunk.includes('COMMIT\0')) cut()
    })
  }

  await new Promise<void>((resolve) => server.listen(file, resolve))
  return line
}
