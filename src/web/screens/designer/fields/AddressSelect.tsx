import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { listIncoming } from '../../../../contract/incoming.ts'
import { Field } from '../../../../ui/Field.tsx'
import { Select } from '../../../../ui/Select.tsx'
import { LINK } from '../../../../ui/Type.tsx'
import { asks } from '../../../api.ts'
import { useHere } from '../../../session.ts'

/** Which of the business's addresses another system must call: those whose calls become an event of this kind. */
export function AddressSelect({
  value,
  error,
  onChange,
}: {
  readonly value: string | undefined
  readonly error: string | undefined
  readonly onChange: (key: string | undefined) => void
}) {
  const { vendor } = useHere()
  const addresses = useQuery(asks(listIncoming, { params: { vendor } }))
  const known = addresses.data?.data.items.filter(({ becomes }) => becomes.type === 'inbound_webhook') ?? []
  const isKnown = value === undefined || known.some(({ key }) => key === value)
  return (
    <Field
      label="By which address"
      error={error}
      hint={
        <>
          {!isKnown && addresses.data && 'There is no such address now. '}
          Addresses are made in{' '}
          <Link to="/settings/$part" params={{ part: 'incoming' }} className={LINK}>
            Settings, Incoming calls
          </Link>
          .
        </>
      }
    >
      <Select
        value={value ?? ''}
        choices={[
          { value: '', label: 'Any of them' },
          ...known.map(({ key, name, paused }) => ({
            value: key,
            label: paused ? `${name} (paused)` : name,
          })),
          ...(isKnown ? [] : [{ value: value ?? '', label: value ?? '' }]),
        ]}
        onChange={({ target }) => onChange(target.value || undefined)}
      />
    </Field>
  )
}
