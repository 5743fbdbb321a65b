// The fake provider as a process of its own: `program.ts <port> <book>`. Told its mood by its parent; killed like
// everybody else. What it booked before is in the book, what it was about to book is not.
import { openBook } from './book.ts'
import { type Mood, mailServer } from './mail-server.ts'

const [port = '0', file = 'book'] = process.argv.slice(2)
let mood: Mood = null
process.on('message', (told: { mood: Mood }) => {
  mood = told.mood
})
process.on('disconnect', () => process.exit(0))

mailServer(openBook(file), () => mood).listen(Number(port), '127.0.0.1')
