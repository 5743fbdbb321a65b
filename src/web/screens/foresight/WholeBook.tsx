import { EmptyState } from '../../../ui/EmptyState.tsx'

export function WholeBook({ journeyId: _journeyId }: { readonly journeyId: string }) {
  return (
    <div className="mx-auto mt-8 max-w-[560px] px-5">
      <EmptyState title="The whole book is not run ahead here yet" />
    </div>
  )
}
