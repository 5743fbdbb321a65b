import { Button } from '../../../ui/Button.tsx'
import { useSample } from './useSample.ts'

export function RemoveSample({ onHome }: { readonly onHome: () => void }) {
  const { busy, remove } = useSample()
  return (
    <Button size="sm" look="quiet-danger" busy={busy} onClick={() => remove(onHome)}>
      Remove it
    </Button>
  )
}
