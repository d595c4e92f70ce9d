// SPDX-License-Identifier: Apache-2.0
// The portal: for the people of clients.
import { render } from "preact";
import { portal_places } from "./shell/places";
import { Shell } from "./shell/shell";
import "./styles/main.css";

render(<Shell base="/portal/" places={portal_places} />, document.getElementById("app")!);
