import {
  LIVE_CLOSED,
  LIVE_PROTOCOL,
  type LiveFrame,
  liveFrameSchema,
  livePath,
  openLive,
  ticketProtocol,
} from '../contract/live.ts'
import { api, heard, isRefused, queries, readSince, Unreachable, whoIsHere } from './api.ts'
import { isOld } from './live-topics.ts'
import { isLost, onConnection } from './shell/connection.ts'

/**
 * The line to the server that tells what has changed: what is on the screen is asked again, and what is kept is
 * marked old. A line that breaks is opened again, ever more seldom, and goes on where it had got to; the notice of
 * the shell tells when the server cannot be reached at all.
 */
const FIRST_WAIT_MS = 1_000
const WAIT_MAX_MS = 30_000
/** The server gives a sign every 15 s. */
const SILENT_MS = 40_000

/** Where the last line had got to, for whichever line comes next. */
let cursor: string | null = null

export function keepListening(vendor: string): () => void {
  let socket: WebSocket | null = null
  let later: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let tries = 0
  let over = false
  let dialling = false

  const again = (): void => {
    document.documentElement.dataset.live = 'no'
    clearTimeout(silence)
    clearTimeout(later)
    socket = null
    if (over || isLost()) return
    const wait = Math.min(FIRST_WAIT_MS * 2 ** tries, WAIT_MAX_MS) * (0.5 + Math.random() / 2)
    tries += 1
    later = setTimeout(dial, wait)
  }

  async function dial(): Promise<void> {
    if (over || dialling || socket !== null) return
    dialling = true
    try {
      const { data } = await api(openLive, { params: { vendor } })
      if (!over) open(data.ticket, data.topics)
    } catch (error) {
      heard(error)
      // Whoever was let go or signed out is led to the door by the shell.
      if (error instanceof Unreachable || isRefused(error, 'too_many', 'unexpected')) again()
    } finally {
      dialling = false
    }
  }

  function open(ticket: string, topics: readonly string[]): void {
    const address = new URL(livePath(vendor), location.origin)
    address.protocol = address.protocol.replace('http', 'ws')
    const line = new WebSocket(address, [LIVE_PROTOCOL, ticketProtocol(ticket)])
    socket = line
    const stillThere = (): void => {
      clearTimeout(silence)
      silence = setTimeout(() => line.close(), SILENT_MS)
    }
    stillThere()
    line.onopen = () => {
      stillThere()
      document.documentElement.dataset.live = 'yes'
      line.send(JSON.stringify({ is: 'follow', topics, since: cursor ?? readSince() }))
    }
    line.onmessage = ({ data }) => {
      const frame = liveFrameSchema.safeParse(JSON.parse(String(data)))
      if (line !== socket || !frame.success) return
      tries = 0
      stillThere()
      cursor = frame.data.cursor
      take(frame.data)
    }
    line.onclose = ({ code }) => {
      if (line !== socket) return
      // Perhaps only the role is another: the session says, and the next ticket is of the new one.
      if (code === LIVE_CLOSED.notAllowed) void queries.invalidateQueries({ queryKey: whoIsHere.queryKey })
      again()
    }
  }

  const back = (): void => {
    if (isLost()) socket?.close()
    else {
      clearTimeout(later)
      void dial()
    }
  }
  const forget = onConnection(back)
  void dial()
  return () => {
    over = true
    forget()
    clearTimeout(later)
    clearTimeout(silence)
    const line = socket
    socket = null
    if (line) hangUp(line)
    document.documentElement.dataset.live = 'no'
  }
}

/** One that is still dialling is let through first: a browser takes the other for an error, and says so. */
function hangUp(line: WebSocket): void {
  if (line.readyState === WebSocket.CONNECTING) line.onopen = () => line.close()
  else line.close()
}

/** Out of sight nothing is asked; what is old is asked when somebody looks again. */
function take(frame: LiveFrame): void {
  if (frame.is === 'here') return
  const refetchType = document.hidden ? 'none' : 'active'
  if (frame.is === 'look_again') return void queries.invalidateQueries({ refetchType })
  const changed = Object.entries(frame.topics)
  void queries.invalidateQueries({
    predicate: ({ queryKey }) =>
      changed.some(([topic, whose]) => whose !== undefined && isOld(queryKey, topic as never, whose)),
    refetchType,
  })
}
