import type { Measure } from '../lab/lab.ts'
import { burst } from './burst.ts'
import { comingBack } from './coming-back.ts'
import { fleet } from './fleet.ts'
import { machine } from './machine.ts'
import { tabs } from './tabs.ts'
import { token } from './token.ts'
import { visualizer } from './visualizer.ts'
import { weather } from './weather.ts'
import { weight } from './weight.ts'

/** In the order of the page. */
export const measures: readonly Measure[] = [
  weight,
  comingBack,
  token,
  burst,
  tabs,
  weather,
  machine,
  fleet,
  visualizer,
]
