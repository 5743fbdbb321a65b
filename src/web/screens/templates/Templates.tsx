import { Unwired } from '../Unwired.tsx'

export function Templates() {
  return (
    <Unwired name="Templates" lede="Finished journeys, shown on the dates of your next wedding.">
      Choose your trade and see what each template would do for a real couple before you take it.
    </Unwired>
  )
}
