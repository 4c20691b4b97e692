// Package devenv gets and supervises the real parts that `slipway dev` runs in place of production ones: today Temporal.
//
// It is a library: it reads no flags, prints nothing and exits nowhere; what a person is to see goes through a Log function.
// It never touches a Temporal that was given by its address, and it never ends a process that it cannot prove to be its own.
package devenv

// PortFlag and UIPortFlag are the names under which `slipway dev` takes the ports; messages about a taken port name them.
const (
	PortFlag   = "--temporal-port"
	UIPortFlag = "--temporal-ui-port"
)

// logFunc takes one line for the person in front of the terminal, without a line break.
type logFunc func(line string)

func (f logFunc) say(line string) {
	if f != nil {
		f(line)
	}
}
