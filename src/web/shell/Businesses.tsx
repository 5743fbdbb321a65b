import { useNavigate } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { Menu } from '../../ui/Menu.tsx'
import type { Session } from '../session.ts'

/** From one of their businesses to another. */
export function Businesses({
  session,
  children,
}: {
  readonly session: Session
  readonly children: ReactNode
}) {
  const navigate = useNavigate()
  return (
    <Menu
      align="start"
      trigger={children}
      items={session.businesses.map(({ vendor, name }) => ({
        label: name,
        ...(vendor === session.vendor && { icon: Check }),
        onSelect: () => void navigate({ to: '/', search: { business: vendor } }),
      }))}
    />
  )
}
