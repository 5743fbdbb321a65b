import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { readBrand } from '../../../contract/brand.ts'
import type { Around } from '../../../core/journey/check.ts'
import { asks } from '../../api.ts'

/** What a journey is judged by beside itself, as the server does it; nothing is said of what is not known yet. */
export function useAround(vendor: string): Around {
  const brand = useQuery(asks(readBrand, { params: { vendor } }))
  const address = brand.data?.data.postalAddress
  return useMemo(() => (address === undefined ? {} : { postalAddress: address !== '' }), [address])
}
