import { useQuery } from '@tanstack/react-query'
import { listMembers } from '../../../contract/members.ts'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'

/** A hand by its name: "member:…" is a person, "key:…" a system of theirs. */
export function useWho(): (by: string | null) => string {
  const { vendor, member } = useHere()
  const members = useQuery({ ...asks(listMembers, { params: { vendor } }), staleTime: 60_000 })
  return (by) => {
    if (by === null) return 'Somebody'
    const [kind, id] = by.split(':')
    if (kind === 'key') return 'A system of yours'
    if (id === member) return 'you'
    return members.data?.data.items.find((one) => one.id === id)?.name ?? 'Somebody'
  }
}
