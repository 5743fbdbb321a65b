import { Unwired } from '../Unwired.tsx'

export function Journeys() {
  return (
    <Unwired
      name="Journeys"
      lede="The conversations you have automated, and how they do."
      meanwhile="npx wedsync journey list"
    >
      Each journey will show who is on it, what it sends next and whether it is well.
    </Unwired>
  )
}
