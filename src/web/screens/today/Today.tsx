import { Unwired } from '../Unwired.tsx'

export function Today() {
  return (
    <Unwired
      name="Today"
      lede="What goes out today, what waits for you, and what is held will stand here in one sentence."
      meanwhile="npx wedsync run list"
    >
      This page will open with today’s messages on one thread, the replies that hold an automation, and this
      week’s weddings.
    </Unwired>
  )
}
