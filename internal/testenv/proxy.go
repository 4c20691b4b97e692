package testenv

import (
	"net"
	"sync"
	"testing"
)

// Proxy passes TCP connections on to a server, and can act as that server's outages do. It starts open.
type Proxy struct {
	t       testing.TB
	address string
	target  string

	mu       sync.Mutex
	listener net.Listener  // nil while it refuses
	hung     chan struct{} // closed while bytes pass
	conns    map[net.Conn]bool
}

// NewProxy returns a proxy before the server at target (host:port), which ends with the test.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("proxy before %s: %v", target, err)
	}
	p := &Proxy{t: t, address: l.Addr().String(), target: target, listener: l, hung: make(chan struct{}), conns: map[net.Conn]bool{}}
	close(p.hung)
	go p.accept(l)
	t.Cleanup(func() {
		p.Refuse()
		p.pass()
	})
	return p
}

// Address (host:port) is the proxy's own. It never changes.
func (p *Proxy) Address() string { return p.address }

// Refuse ends all connections and refuses new ones, as a machine does whose server has died.
func (p *Proxy) Refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		_ = p.listener.Close()
		p.listener = nil
	}
	for conn := range p.conns {
		_ = conn.Close()
	}
	clear(p.conns)
}

// Hang accepts connections, keeps those there are, and passes nothing on, as a network does that drops packets.
func (p *Proxy) Hang() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hung = make(chan struct{})
}

// Open ends what Refuse and Hang began: what has been held back is passed on.
func (p *Proxy) Open() {
	p.t.Helper()
	p.pass()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		return
	}
	l, err := net.Listen("tcp", p.address)
	if err != nil {
		p.t.Fatalf("proxy before %s: open again: %v", p.target, err)
	}
	p.listener = l
	go p.accept(l)
}

func (p *Proxy) pass() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.hung:
	default:
		close(p.hung)
	}
}

func (p *Proxy) accept(l net.Listener) {
	for {
		in, err := l.Accept()
		if err != nil {
			return
		}
		go p.join(l, in)
	}
}

// join connects in to the target, unless the listener that accepted it has been closed meanwhile.
func (p *Proxy) join(l net.Listener, in net.Conn) {
	p.wait()
	out, err := net.Dial("tcp", p.target)
	if err != nil {
		_ = in.Close()
		return
	}
	p.mu.Lock()
	current := p.listener == l
	if current {
		p.conns[in], p.conns[out] = true, true
	}
	p.mu.Unlock()
	if !current {
		_, _ = in.Close(), out.Close()
		return
	}
	go p.copy(out, in)
	p.copy(in, out)
}

func (p *Proxy) wait() {
	p.mu.Lock()
	hung := p.hung
	p.mu.Unlock()
	<-hung
}

// copy passes on what it reads, when bytes pass, and ends both connections when either ends.
func (p *Proxy) copy(to, from net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			p.wait()
			if _, werr := to.Write(buffer[:n]); werr != nil {
				break
			}
		}
		if err != nil {
			break
		}
	}
	_, _ = to.Close(), from.Close()
	p.mu.Lock()
	delete(p.conns, to)
	delete(p.conns, from)
	p.mu.Unlock()
}
