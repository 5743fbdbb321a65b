import { Unwired } from '../Unwired.tsx'

export function InfoPages() {
  return (
    <Unwired name="Info pages" lede="The pages you send instead of long letters.">
      What to bring, how to get there, what happens when it rains: written once, with each couple’s own dates.
    </Unwired>
  )
}
