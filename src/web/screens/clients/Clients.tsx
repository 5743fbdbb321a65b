import { Unwired } from '../Unwired.tsx'

export function Clients() {
  return (
    <Unwired
      name="Clients"
      lede="All your couples, found in a moment."
      meanwhile="npx wedsync couples import couples.csv"
    >
      Your list of couples will be here, with search, filters, bulk commands and the import of a table.
    </Unwired>
  )
}
