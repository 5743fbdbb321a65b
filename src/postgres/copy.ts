import type pg from 'pg'
import type { CopySession } from '../store/backup-tables.ts'
import { encodeAll } from '../store/sql.ts'
import { openClient, type Target } from './client.ts'

/**
 * PostgreSQL's COPY over one connection: rows leave and enter as the server writes them, in pieces, without ever
 * lying in memory as a whole. The wire protocol is the driver's; only the two kinds of messages are ours.
 */
export type OpenCopySession = CopySession & { close(): Promise<void> }

/** Rows are gathered to pieces of this size before they are handed on. */
const PIECE_BYTES = 65_536
/** The server is made to wait while so much is gathered that nobody has taken yet. */
const WAITING_MAX = 64

export async function openCopySession(target: Target): Promise<OpenCopySession> {
  const client = await openClient(target, 'session', 'wedsync copy')
  return {
    exec: async (script) => {
      await client.query(script)
    },
    query: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await client.query({ text, values: encodeAll(values) })).rows as Row[],
    copyOut: (text) => rowsOf(client, text),
    copyIn: (text, pieces) => fill(client, text, pieces),
    close: () => client.end(),
  }
}

/** What the driver calls on whatever it was told to run, as far as COPY needs it. */
type Asked = {
  submit(connection: Wire): void
  handleCommandComplete(message: { readonly text: string }): void
  handleReadyForQuery(): void
  handleError(error: Error): void
}
type Wire = {
  query(text: string): void
  sendCopyFromChunk(piece: Uint8Array): void
  endCopyFrom(): void
  sendCopyFail(why: string): void
  readonly stream: NodeJS.WritableStream & {
    pause(): void
    resume(): void
    readonly writableNeedDrain: boolean
  }
}

const ask = (client: pg.Client, asked: Asked): void => {
  client.query(asked as unknown as pg.Submittable)
}

/** A connection that dies tells only the query that is under way; between two messages it tells nobody. */
async function* rowsOf(client: pg.Client, text: string): AsyncIterable<Uint8Array> {
  const state = {
    pieces: [] as Uint8Array[],
    over: false,
    failed: null as Error | null,
    wire: null as Wire | null,
  }
  let gathered: Uint8Array[] = []
  let bytes = 0
  let wake = (): void => undefined
  const handOn = (): void => {
    if (bytes > 0) state.pieces.push(Buffer.concat(gathered))
    gathered = []
    bytes = 0
    if (state.pieces.length >= WAITING_MAX) state.wire?.stream.pause()
    wake()
  }
  ask(client, {
    submit(connection) {
      state.wire = connection
      connection.query(text)
    },
    // Copied at once: the driver reads the next message into the same memory.
    handleCopyData({ chunk }: { chunk: Uint8Array }) {
      gathered.push(Buffer.from(chunk))
      bytes += chunk.length
      if (bytes >= PIECE_BYTES) handOn()
    },
    handleCommandComplete: () => undefined,
    handleReadyForQuery() {
      state.over = true
      handOn()
    },
    handleError(error: Error) {
      state.failed = error
      wake()
    },
  } as Asked)
  for (;;) {
    const piece = state.pieces.shift()
    if (piece) {
      if (state.pieces.length < WAITING_MAX / 2) state.wire?.stream.resume()
      yield piece
    } else if (state.failed) throw state.failed
    else if (state.over) return
    else {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}

/** Gives how many rows the server says it took. A failing source takes the whole statement back. */
function fill(client: pg.Client, text: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = 0
    let failed: Error | null = null
    ask(client, {
      submit: (connection: Wire) => connection.query(text),
      handleCopyInResponse(connection: Wire) {
        pour(connection, pieces, () => failed !== null).catch((error: Error) => {
          failed ??= error
          connection.sendCopyFail(error.message)
        })
      },
      handleCommandComplete({ text: said }: { text: string }) {
        rows = Number(/^COPY (\d+)$/.exec(said)?.[1] ?? 0)
      },
      handleReadyForQuery: () => resolve(rows),
      handleError(error: Error) {
        // Our own reason is the better one: the server only repeats that we gave up.
        reject(failed ?? error)
        failed ??= error
      },
    } as Asked)
  })
}

async function pour(
  connection: Wire,
  pieces: AsyncIterable<Uint8Array>,
  isOver: () => boolean,
): Promise<void> {
  for await (const piece of pieces) {
    if (isOver()) return
    connection.sendCopyFromChunk(piece)
    if (connection.stream.writableNeedDrain) await drained(connection.stream)
  }
  connection.endCopyFrom()
}

const drained = (stream: Wire['stream']): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      stream.removeListener('drain', done)
      stream.removeListener('close', done)
      resolve()
    }
    stream.once('drain', done)
    stream.once('close', done)
  })
