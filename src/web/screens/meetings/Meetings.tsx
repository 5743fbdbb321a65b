import { Unwired } from '../Unwired.tsx'

export function Meetings() {
  return (
    <Unwired name="Meetings" lede="When you can be met, and who has booked.">
      Your hours and the meetings booked into them will be here.
    </Unwired>
  )
}
