import { Unwired } from '../Unwired.tsx'

export function Approvals() {
  return (
    <Unwired name="Approvals" lede="The messages you asked to read before they go.">
      They will come one at a time, with what the couple hears before and after, to approve, edit or skip.
    </Unwired>
  )
}
