// The receiver of webhooks as a process of its own: `program.ts <port> <book> <key> <certificate>`. Told its mood and
// its secret by its parent; killed like everybody else. What it knew before it knows from its book.
import { existsSync, readFileSync } from 'node:fs'
import { openBook, readBook } from '../provider/book.ts'
import { type HookTold, hookReceiver } from './receiver.ts'

const [port = '0', file = 'book', key = '', cert = ''] = process.argv.slice(2)
let told: HookTold = { mood: null, secret: null }
process.on('message', (news: HookTold) => {
  told = news
})
process.on('disconnect', () => process.exit(0))

const known = new Set(existsSync(file) ? readBook(file).map((entry) => entry.id) : [])
const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
hookReceiver(openBook(file), known, tls, () => told).listen(Number(port), '127.0.0.1')
