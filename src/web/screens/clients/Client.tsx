import { Unwired } from '../Unwired.tsx'

export function Client() {
  return (
    <Unwired
      name="Client"
      lede="One couple, on one thread from the first inquiry to the anniversary."
      meanwhile="npx wedsync journey explain --client Anna"
    >
      Here every message stands with its moment, its zone and the reason for it, past and to come.
    </Unwired>
  )
}
