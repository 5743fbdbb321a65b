import { Unwired } from '../Unwired.tsx'

export function Calendar() {
  return (
    <Unwired name="Calendar" lede="What will go out when, and the days you work.">
      The season will be drawn here as a heat map, with the days you work a wedding hatched.
    </Unwired>
  )
}
