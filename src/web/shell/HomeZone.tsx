import { useQuery } from '@tanstack/react-query'
import { readVendor } from '../../contract/vendors.ts'
import { asks } from '../api.ts'
import { cityOf } from '../times.ts'

/** The city whose clock the business goes by. */
export function HomeZone({ vendor }: { readonly vendor: string }) {
  const { data } = useQuery(asks(readVendor, { params: { vendor } }))
  // The line keeps its height while it is empty.
  return data ? `${cityOf(data.data.zone)} time` : '\u00a0'
}
