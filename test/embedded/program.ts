// A program with an embedded database, to be killed by the tests: says on one line each what it did, and does
// what it reads: "add <n>" commits a row and says "added <n>"; "sum" says the rows; "stop" ends cleanly.
import { createInterface } from 'node:readline'
import type { Log } from '../../src/ports.ts'
import { openSession } from '../../src/postgres/client.ts'
import { startEmbedded } from '../../src/postgres/cluster.ts'

const say = (words: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(words)}\n`)
const log: Log = {
  info: (message) => say({ log: message }),
  warn: (message) => say({ log: message }),
  error: (message, details) => say({ log: message, ...details }),
}

const [data = ''] = process.argv.slice(2)
const startedAt = performance.now()
try {
  const server = await startEmbedded({ data, log })
  const ask = async (text: string, values: unknown[] = []) => {
    const session = await openSession(server.target('wed_admin'))
    try {
      return await session.query<{ n: number }>(text, values)
    } finally {
      await session.close()
    }
  }
  await ask('create table if not exists public.kept (n int primary key)')
  say({
    ready: server.pid(),
    ms: Math.round(performance.now() - startedAt),
    place: server.place,
    notes: server.notes,
  })
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, n] = line.split(' ')
    try {
      if (word === 'add') {
        await ask('insert into public.kept values ($1)', [Number(n)])
        say({ added: Number(n) })
      } else if (word === 'sum') {
        say({
          rows: (await ask('select n from public.kept order by n')).map((row) => row.n),
          pid: server.pid(),
        })
      } else {
        await server.stop()
        say({ stopped: true })
        process.exit(0)
      }
    } catch (error) {
      say({ failed: (error as Error).message })
    }
  }
} catch (error) {
  say({ refused: (error as Error).message })
  process.exit(78)
}
