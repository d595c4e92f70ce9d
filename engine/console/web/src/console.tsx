// SPDX-License-Identifier: Apache-2.0
// The console: for the team's own people.
import { render } from "preact";
import { console_places } from "./shell/places";
import { Shell } from "./shell/shell";
import "./styles/main.css";

render(<Shell base="/console/" places={console_places} />, document.getElementById("app")!);
