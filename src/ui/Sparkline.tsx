/** A row of small bars: how much, week by week. What it says stands beside it in words. */
const WIDTH = 5
const GAP = 2
const HEIGHT = 16

export function Sparkline({ values }: { readonly values: readonly number[] }) {
  const most = Math.max(1, ...values)
  return (
    <svg
      aria-hidden="true"
      width={values.length * (WIDTH + GAP) - GAP}
      height={HEIGHT}
      className="shrink-0 text-chart-1"
    >
      {values.map((value, at) => {
        const height = value === 0 ? 1 : Math.max(2, Math.round((value / most) * HEIGHT))
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a week is known by its place.
            key={at}
            x={at * (WIDTH + GAP)}
            y={HEIGHT - height}
            width={WIDTH}
            height={height}
            rx={1}
            fill="currentColor"
            opacity={value === 0 ? 0.35 : 1}
          />
        )
      })}
    </svg>
  )
}
