package recordtest

import "net/http"

// Set changes the value of the records of this name behind everybody's back: it is not counted.
func (s *Service) Set(name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, r := range s.records {
		if r.Name == name {
			r.Value = value
			s.records[id] = r
		}
	}
}

// Hold makes reading a record wait for Release.
func (s *Service) Hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hold == nil {
		s.hold, s.held = make(chan struct{}), 0
	}
}

// Release lets the reads that wait, and those to come, go on.
func (s *Service) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hold != nil {
		close(s.hold)
		s.hold = nil
	}
}

// Held counts the reads that have come to wait since Hold.
func (s *Service) Held() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held
}

func (s *Service) wait(q *http.Request) {
	s.mu.Lock()
	hold := s.hold
	if hold != nil {
		s.held++
	}
	s.mu.Unlock()
	if hold == nil {
		return
	}
	select {
	case <-hold:
	case <-q.Context().Done():
	}
}
