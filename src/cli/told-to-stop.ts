/**
 * The program's side of bin/wedsync.js. Runs `drain` once when it is told to stop: by a signal, by the launcher,
 * or by the launcher's disappearance, which closes the channel even after `kill -9`. Told again, it ends at
 * once. The exit code is 0 after a clean drain.
 */
export function whenToldToStop(drain: (why: string) => Promise<void>): void {
  let told = false
  const tell = (why: string) => {
    if (told) process.exit(130)
    told = true
    drain(why).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => tell('told to stop'))
  process.on('SIGHUP', () => tell('the terminal was closed'))
  if (process.channel === undefined) {
    process.on('SIGINT', () => tell('interrupted'))
    return
  }
  // The terminal tells us and the launcher both; it is the launcher that counts key presses.
  process.on('SIGINT', () => undefined)
  process.on('message', (message) => {
    if (typeof message === 'object' && message !== null && 'stop' in message) tell('told to stop')
  })
  process.on('disconnect', () => tell('the launcher is gone'))
  // Listening to it must not keep a finished command alive.
  process.channel.unref()
}
