import { Unwired } from '../Unwired.tsx'

export function Weekend() {
  return (
    <Unwired
      name="Weekend"
      lede="Each wedding of this weekend, with its critical messages and their deadlines."
    >
      Every wedding from Friday to Sunday will have its place card here: what is safe, what is at risk, and
      whom to call.
    </Unwired>
  )
}
