import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { LIVE_CLOSED, LIVE_PROTOCOL } from '../../contract/live.ts'

/** The one place that knows the library: a line to one browser, with what the hub needs of it. */
export type Line = {
  send(text: string): void
  /** How much of what was sent nobody has taken yet. */
  backlogBytes(): number
  /** Sends a sign of life; gives whether the last one was answered. */
  probe(): boolean
  close(code: number, why: string): void
  onText(heard: (text: string) => void): void
  onClosed(heard: () => void): void
}

/** What a browser may send at once; it has one short thing to say. */
export const FRAME_BYTES_MAX = 8_192
/** After being told to close, a line that does not is cut. */
const CLOSE_WITHIN_MS = 2_000

export type Admission = { readonly line: (opened: Line) => void } | { readonly status: number }

/** Answers requests to change over to a WebSocket; everything else about them is asked of `admit`. */
export function acceptLines(server: Server, admit: (request: IncomingMessage) => Promise<Admission>) {
  const lines = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: false,
    clientTracking: false,
    // The ticket came as a protocol too, and is not for saying back.
    handleProtocols: (offered) => (offered.has(LIVE_PROTOCOL) ? LIVE_PROTOCOL : false),
  })
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Without a listener a line that breaks meanwhile would end the program.
    const broken = (): void => void socket.destroy()
    socket.on('error', broken)
    admit(request).then(
      (admission) => {
        socket.off('error', broken)
        if ('status' in admission) return refuse(socket, admission.status)
        lines.handleUpgrade(request, socket, head, (opened) => admission.line(lineOf(opened)))
      },
      () => refuse(socket, 500),
    )
  }
  server.on('upgrade', upgrade)
  return { close: () => void server.off('upgrade', upgrade) }
}

const REASONS: { readonly [status: number]: string } = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
}

function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => undefined)
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Internal Server Error'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  )
}

function lineOf(socket: WebSocket): Line {
  let answered = true
  socket.on('pong', () => {
    answered = true
  })
  // What breaks the protocol closes the line; there is nobody to tell.
  socket.on('error', () => undefined)
  return {
    send: (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text)
    },
    backlogBytes: () => socket.bufferedAmount,
    probe() {
      const was = answered
      answered = false
      if (socket.readyState === socket.OPEN) socket.ping()
      return was
    },
    close(code, why) {
      socket.close(code, why)
      setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS).unref()
    },
    onText: (heard) =>
      void socket.on('message', (data, isBinary) => {
        if (isBinary) socket.close(LIVE_CLOSED.notUnderstood, 'text only')
        else heard(data.toString())
      }),
    onClosed: (heard) => void socket.on('close', heard),
  }
}
