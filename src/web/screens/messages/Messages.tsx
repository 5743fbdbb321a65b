import { Unwired } from '../Unwired.tsx'

export function Messages() {
  return (
    <Unwired
      name="Messages"
      lede="Everything that was sent, skipped or is planned, and why."
      meanwhile="npx wedsync journey explain --client Anna"
    >
      You will be able to ask here why somebody did or did not get a message.
    </Unwired>
  )
}
