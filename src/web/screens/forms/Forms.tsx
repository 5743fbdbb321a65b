import { Unwired } from '../Unwired.tsx'

export function Forms() {
  return (
    <Unwired name="Forms" lede="The questions you ask your couples, and their answers.">
      Forms will be built and previewed here; what couples answer is written back to their wedding.
    </Unwired>
  )
}
