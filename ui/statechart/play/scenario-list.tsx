import { scenarios, type Scenario } from '../../../services/memory/index.ts'

interface ScenarioListProps {
  /** Said on top; `null`: nothing. */
  readonly problem: string | null
  readonly onChoose: (scenario: Scenario) => void
  readonly onOwn: () => void
}

/** All scenarios, and the way to a session of one's own. */
export function ScenarioList({ problem, onChoose, onOwn }: ScenarioListProps) {
  return (
    <section className="play" aria-label="Scenarios">
      <h2>What people get into</h2>
      {problem !== null && <p role="alert">{problem}</p>}
      <p className="play-soft">Choose one, and watch it step by step on the real charts.</p>
      <ul className="play-list">
        {scenarios.map((scenario) => (
          <li key={scenario.id}>
            <button type="button" onClick={() => onChoose(scenario)}>
              <strong>{scenario.title}</strong>
              <span>{scenario.about}</span>
            </button>
          </li>
        ))}
      </ul>
      <h2>Or try things yourself</h2>
      <p className="play-soft">
        A session of your own: you say what people do, what services answer, and how time goes by.
      </p>
      <button type="button" className="play-button" onClick={onOwn}>
        Open a session
      </button>
    </section>
  )
}
