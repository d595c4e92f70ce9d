// SPDX-License-Identifier: Apache-2.0
// The keys that do something on the page that is shown, and those that lead to others.
import { texts } from "../lib/i18n";
import { sets } from "../lib/keys";
import type { Place } from "./places";

const t = texts({
  to: ["Go to {place}", "前往{place}"],
  then: ["then", "然后"],
});

export function KeyList({ places }: { places: Place[] }) {
  return (
    <dl class="keys">
      {sets.value.flat().map((key) => (
        <div key={key.key + key.does}>
          <dt>
            <kbd>{key.key}</kbd>
          </dt>
          <dd>{key.does}</dd>
        </div>
      ))}
      {places
        .filter((place) => place.key !== undefined)
        .map((place) => (
          <div key={place.path}>
            <dt>
              <kbd>g</kbd> {t("then")} <kbd>{place.key}</kbd>
            </dt>
            <dd>{t("to", { place: place.name?.() ?? "" })}</dd>
          </div>
        ))}
    </dl>
  );
}
